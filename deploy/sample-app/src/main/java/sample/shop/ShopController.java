package sample.shop;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Profile;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("shop")
public class ShopController {
    @Autowired private ProductRepository products;
    @Autowired private StockClient stock;

    @GetMapping("/products")
    public List<Product> list(@RequestParam(defaultValue = "") String word) {
        return word.isEmpty() ? products.all() : products.named(word);
    }

    @GetMapping("/products/{id}")
    public Map<String, Object> show(@PathVariable long id) throws IOException {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("product", products.byId(id));
        page.put("available", stock.available(id));
        return page;
    }

    /** What "stock" asks. */
    @GetMapping("/prices/{id}")
    public String price(@PathVariable long id) {
        return products.byId(id).price.toPlainString();
    }

    @PostMapping("/orders")
    public String order(@RequestParam long product, @RequestParam int quantity) throws IOException {
        stock.reserve(product, quantity);
        products.addOrder(product, quantity);
        return "ordered";
    }

    @ExceptionHandler(EmptyResultDataAccessException.class)
    @ResponseStatus(HttpStatus.NOT_FOUND)
    public String unknown() {
        return "no such product";
    }
}

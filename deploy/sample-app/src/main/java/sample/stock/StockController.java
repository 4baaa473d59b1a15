package sample.stock;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Profile;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestTemplate;

@RestController
@Profile("stock")
public class StockController {
    @Autowired private StockRepository stock;
    /** Calls the service "shop" through Spring, on Apache HttpClient: 1.5.2 cannot see the JDK's own client on Java 9 and later. */
    private final RestTemplate http = new RestTemplate(new HttpComponentsClientHttpRequestFactory());
    private final String shop = System.getProperty("sample.peer");

    @GetMapping("/stock/{product}")
    public String available(@PathVariable long product) {
        return String.valueOf(stock.available(product));
    }

    @PostMapping("/stock/{product}/reserve")
    public String reserve(@PathVariable long product, @RequestParam int quantity) {
        String price = http.getForObject(shop + "/prices/{id}", String.class, product);
        stock.reserve(product, quantity);
        return quantity + " at " + price;
    }
}

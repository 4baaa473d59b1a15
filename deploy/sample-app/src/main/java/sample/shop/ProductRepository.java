package sample.shop;

import java.util.List;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Repository;

@Repository
@Profile("shop")
public class ProductRepository {
    private static final RowMapper<Product> PRODUCT = (row, number) -> {
        Product product = new Product();
        product.id = row.getLong("id");
        product.name = row.getString("name");
        product.price = row.getBigDecimal("price");
        return product;
    };

    @Autowired private JdbcTemplate jdbc;

    public List<Product> all() {
        return jdbc.query("SELECT id, name, price FROM product ORDER BY name", PRODUCT);
    }

    public Product byId(long id) {
        return jdbc.queryForObject("SELECT id, name, price FROM product WHERE id = ?", PRODUCT, id);
    }

    /** A statement whose text holds the word itself: the agent replaces it by a parameter. */
    public List<Product> named(String word) {
        return jdbc.query("SELECT id, name, price FROM product WHERE name LIKE '%" + word.replace("'", "''") + "%'", PRODUCT);
    }

    public void addOrder(long product, int quantity) {
        jdbc.update("INSERT INTO purchase (product, quantity) VALUES (?, ?)", product, quantity);
        // the shop is small: it keeps its last thousand orders
        jdbc.update("DELETE FROM purchase WHERE id <= (SELECT MAX(id) FROM (SELECT id FROM purchase) AS p) - 1000");
    }
}

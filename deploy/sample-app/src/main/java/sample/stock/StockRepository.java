package sample.stock;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

@Repository
@Profile("stock")
public class StockRepository {
    private static final int DELIVERY = 50;

    @Autowired private JdbcTemplate jdbc;

    public int available(long product) {
        return jdbc.queryForObject("SELECT quantity FROM stock WHERE product = ?", Integer.class, product);
    }

    /** Takes from the shelf; when there is not enough, a delivery comes (a slow statement), and the customer has to ask again. */
    public void reserve(long product, int quantity) {
        int taken = jdbc.update("UPDATE stock SET quantity = quantity - ? WHERE product = ? AND quantity >= ?", quantity, product, quantity);
        if (taken == 1) return;
        jdbc.queryForObject("SELECT SLEEP(1.2)", Integer.class);
        jdbc.update("UPDATE stock SET quantity = quantity + ? WHERE product = ?", DELIVERY, product);
        throw new IllegalStateException("product " + product + " is out of stock");
    }
}

package sample.shop;

import java.math.BigDecimal;

public class Product {
    public long id;
    public String name;
    public BigDecimal price;
}

-- one statement a line, as --init-file wants it
CREATE DATABASE IF NOT EXISTS goods CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS 'shop'@'%' IDENTIFIED BY 'shop';
CREATE USER IF NOT EXISTS 'shop'@'localhost' IDENTIFIED BY 'shop';
GRANT SELECT, INSERT, UPDATE, DELETE ON goods.* TO 'shop'@'%';
GRANT SELECT ON goods.* TO 'shop'@'localhost';
USE goods;
CREATE TABLE IF NOT EXISTS product (id BIGINT PRIMARY KEY, name VARCHAR(60) NOT NULL, price DECIMAL(10, 2) NOT NULL);
CREATE TABLE IF NOT EXISTS stock (product BIGINT PRIMARY KEY, quantity INT NOT NULL);
CREATE TABLE IF NOT EXISTS purchase (id BIGINT AUTO_INCREMENT PRIMARY KEY, product BIGINT NOT NULL, quantity INT NOT NULL, made TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
INSERT IGNORE INTO product VALUES (1, 'Tea, green', 4.50), (2, 'Tea, black', 3.90), (3, 'Coffee, whole beans', 9.80), (4, 'Cup, 0.2 l', 6.00), (5, 'Kettle', 39.00), (6, 'Tea, 유자', 5.20);
INSERT IGNORE INTO stock VALUES (1, 500), (2, 500), (3, 500), (4, 120), (5, 20), (6, 60);

package sample;

import javax.servlet.ServletContext;
import javax.servlet.ServletRegistration;
import javax.sql.DataSource;
import org.apache.commons.dbcp.BasicDataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.WebApplicationInitializer;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** Both services are in here; the Spring profile, "shop" or "stock", says which one this process is. */
@Configuration
@EnableWebMvc
@ComponentScan("sample")
public class Application implements WebApplicationInitializer {
    @Override
    public void onStartup(ServletContext context) {
        AnnotationConfigWebApplicationContext application = new AnnotationConfigWebApplicationContext();
        application.register(Application.class);
        ServletRegistration.Dynamic dispatcher = context.addServlet("dispatcher", new DispatcherServlet(application));
        dispatcher.setLoadOnStartup(1);
        dispatcher.addMapping("/");
    }

    @Bean
    public DataSource dataSource() {
        BasicDataSource source = new BasicDataSource();
        source.setDriverClassName("com.mysql.jdbc.Driver");
        source.setUrl("jdbc:mysql://" + System.getProperty("sample.database") + "/goods?useSSL=false&characterEncoding=UTF-8");
        source.setUsername("shop");
        source.setPassword("shop");
        source.setMaxActive(8);
        // the database may be made anew under a running service
        source.setTestOnBorrow(true);
        source.setValidationQuery("SELECT 1");
        return source;
    }

    @Bean
    public JdbcTemplate jdbc(DataSource source) {
        return new JdbcTemplate(source);
    }
}

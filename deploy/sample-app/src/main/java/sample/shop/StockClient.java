package sample.shop;

import java.io.IOException;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Service;

/** Calls the service "stock" through Apache HttpClient. */
@Service
@Profile("shop")
public class StockClient {
    private final CloseableHttpClient client = HttpClients.createDefault();
    private final String stock = System.getProperty("sample.peer");

    public int available(long product) throws IOException {
        return Integer.parseInt(answer(new HttpGet(stock + "/stock/" + product)));
    }

    public void reserve(long product, int quantity) throws IOException {
        answer(new HttpPost(stock + "/stock/" + product + "/reserve?quantity=" + quantity));
    }

    private String answer(HttpUriRequest request) throws IOException {
        try (CloseableHttpResponse response = client.execute(request)) {
            String body = EntityUtils.toString(response.getEntity());
            int status = response.getStatusLine().getStatusCode();
            if (status != 200) throw new IOException("stock answers " + status);
            return body;
        }
    }
}

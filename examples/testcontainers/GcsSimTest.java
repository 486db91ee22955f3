// SPDX-License-Identifier: MIT

// A test to copy, for Testcontainers for Java and JUnit 5; the image gcs-sim is
// that of examples/docker.
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

@Testcontainers
class GcsSimTest {
    @Container
    private final GenericContainer<?> sim =
        new GenericContainer<>(DockerImageName.parse("gcs-sim"))
            .withCommand("--bucket", "photos", "--latency", "42ms")
            .withExposedPorts(4443)
            .waitingFor(Wait.forHttp("/_sim/health").forPort(4443));

    private String url() {
        return "http://" + sim.getHost() + ":" + sim.getMappedPort(4443);
    }

    private HttpResponse<String> ask(String method, String path)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
            .method(method, HttpRequest.BodyPublishers.noBody()).build();
        return HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.ofString());
    }

    // Google's library takes the address as
    // StorageOptions.newBuilder().setHost(url()).
    @Test
    void deleteIsOneRequest() throws Exception {
        assertEquals(404,
            ask("DELETE", "/storage/v1/b/photos/o/cat").statusCode());
        assertEquals("DELETE cat 404\n",
            ask("GET", "/_sim/requests?format=text").body());
    }
}

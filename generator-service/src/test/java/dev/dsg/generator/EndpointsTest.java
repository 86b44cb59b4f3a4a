package dev.dsg.generator;

import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.dsg.testing.EmbeddedServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(EmbeddedServers.class)
class EndpointsTest {

    @ParameterizedTest
    @ValueSource(strings = {"/q/health/live", "/q/health/ready"})
    void shouldAnswerProbes(String probe) {
        get(probe).then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void shouldCountTasks() {
        get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("dsg_tasks_started_total{queue=\"dsg-synthesis\"}"));
    }
}

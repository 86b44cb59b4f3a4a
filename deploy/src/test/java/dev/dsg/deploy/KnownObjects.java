package dev.dsg.deploy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * What Kubernetes and its operators know of each kind of object: fields and their types. The models of fabric8 take any
 * field, known or not, and turn numbers into text; here they do not.
 */
final class KnownObjects {

    private static final Map<String, Class<?>> MODELS = Map.of(
            "v1/Service", Service.class,
            "v1/ServiceAccount", ServiceAccount.class,
            "apps/v1/Deployment", Deployment.class,
            "batch/v1/Job", Job.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
            "monitoring.coreos.com/v1/PodMonitor", PodMonitor.class,
            "kafka.strimzi.io/v1/Kafka", Kafka.class,
            "kafka.strimzi.io/v1/KafkaNodePool", KafkaNodePool.class,
            "kafka.strimzi.io/v1/KafkaUser", KafkaUser.class);
    /** Of what has no models, the part that the chart uses, written down from the documentation. */
    private static final Map<String, String> SCHEMAS = Map.of("keda.sh/v1alpha1/ScaledObject", "scaled-object.json");

    private static final ObjectMapper STRICT = strict();

    private KnownObjects() {}

    /** What is wrong with an object, with the path to it; nothing if all is known. */
    static List<String> faults(Map<String, Object> object) {
        var kind = object.get("apiVersion") + "/" + object.get("kind");
        if (SCHEMAS.containsKey(kind)) {
            return faults(object, SCHEMAS.get(kind));
        }
        if (!MODELS.containsKey(kind)) {
            return List.of(kind + " is not known");
        }
        try {
            STRICT.convertValue(object, MODELS.get(kind));
            return List.of();
        } catch (IllegalArgumentException e) {
            var cause = e.getCause();
            var path = cause instanceof JsonMappingException where ? where.getPathReference() : "";
            return List.of(kind + ": " + e.getMessage() + path);
        }
    }

    private static List<String> faults(Map<String, Object> object, String schema) {
        try (InputStream known = KnownObjects.class.getResourceAsStream(schema)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(known)
                    .validate(STRICT.writeValueAsString(object), InputFormat.JSON)
                    .stream()
                    .map(Object::toString)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectMapper strict() {
        var mapper = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .annotationIntrospector(new JacksonAnnotationIntrospector() {
                    private static final long serialVersionUID = 1;

                    /** Nothing takes what has no field. */
                    @Override
                    public Boolean hasAnySetter(Annotated annotated) {
                        return false;
                    }

                    @Override
                    public JsonIgnoreProperties.Value findPropertyIgnoralByName(
                            MapperConfig<?> config, Annotated annotated) {
                        return JsonIgnoreProperties.Value.empty();
                    }
                })
                .build();
        for (var type : List.of(LogicalType.Integer, LogicalType.Boolean, LogicalType.Float)) {
            mapper.coercionConfigFor(type).setCoercion(CoercionInputShape.String, CoercionAction.Fail);
        }
        for (var shape : List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
        }
        return mapper;
    }
}

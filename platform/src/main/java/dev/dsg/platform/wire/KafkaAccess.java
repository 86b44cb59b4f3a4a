package dev.dsg.platform.wire;

import dev.dsg.contracts.error.Require;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How to reach the brokers and who we are to them: what every client has in common, whichever kind it is.
 *
 * @param settings of Kafka, by the names that Kafka gives them
 */
public record KafkaAccess(Map<String, Object> settings) {

    private static final List<String> COMMON = List.of("security.", "sasl.", "ssl.");
    private static final String VARIABLE = "KAFKA_";

    /** Keeps what says where and who; what else there is belongs to one kind of client, and another would refuse it. */
    public KafkaAccess {
        Require.present("kafka.bootstrap.servers", settings.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        var kept = new HashMap<String, Object>();
        settings.forEach((name, value) -> {
            if (name.equals(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)
                    || COMMON.stream().anyMatch(name::startsWith)) {
                kept.put(name, value);
            }
        });
        settings = Map.copyOf(kept);
    }

    /** Brokers that ask nobody who they are, as {@code host:port,host:port}. */
    public static KafkaAccess of(String bootstrapServers) {
        return new KafkaAccess(Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                Require.text("kafka.bootstrap.servers", bootstrapServers)));
    }

    /** The same brokers, with what an environment says of how to speak to them: {@code KAFKA_SASL_MECHANISM} and the like. */
    public KafkaAccess secured(Map<String, String> environment) {
        var all = new HashMap<>(settings);
        environment.forEach((name, value) -> {
            if (name.startsWith(VARIABLE)) {
                all.putIfAbsent(
                        name.substring(VARIABLE.length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        value);
            }
        });
        return new KafkaAccess(all);
    }

    /** The settings of one client. */
    public Map<String, Object> with(Map<String, ?> own) {
        var all = new HashMap<String, Object>(settings);
        all.putAll(own);
        return all;
    }

    /** The brokers, as {@code host:port,host:port}. */
    public String bootstrapServers() {
        return settings.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG).toString();
    }

    /** Where, not who. */
    @Override
    public String toString() {
        return bootstrapServers();
    }
}

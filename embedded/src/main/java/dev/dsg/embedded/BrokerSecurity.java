package dev.dsg.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a broker makes sure who speaks to it. Without, it speaks in the clear and believes everybody; with, whoever may do what
 * is a matter of rules (ACLs), and but for one administrator nobody may do anything at first.
 *
 * @param settings of the broker, by the names that Kafka gives them
 * @param credentials of users that are known from the beginning, as Kafka's tool for storage takes them
 */
public record BrokerSecurity(Map<String, String> settings, List<String> credentials) {

    private static final String MECHANISM = "SCRAM-SHA-512";

    /** Copies. */
    public BrokerSecurity {
        settings = Map.copyOf(settings);
        credentials = List.copyOf(credentials);
    }

    /**
     * TLS, and users that prove by SCRAM-SHA-512 that they know a password.
     *
     * @param keys the broker's own, and who signed it (PKCS12)
     * @param trust who may sign a broker's key (PKCS12)
     * @param storePassword of both
     */
    public static BrokerSecurity scram(
            Path keys, Path trust, String storePassword, String administrator, String password) {
        var settings = tls(keys, trust, storePassword);
        settings.put("listener.security.protocol.map", "CLIENT:SASL_SSL,CONTROLLER:PLAINTEXT");
        settings.put("sasl.enabled.mechanisms", MECHANISM);
        settings.put("sasl.mechanism.inter.broker.protocol", MECHANISM);
        settings.put("listener.name.client.scram-sha-512.sasl.jaas.config", login(administrator, password));
        settings.put("super.users", superUsers(administrator));
        return new BrokerSecurity(
                settings, List.of(MECHANISM + "=[name=" + administrator + ",password=" + password + "]"));
    }

    /**
     * TLS on both sides: a user is the common name in a certificate that somebody trusted signed.
     *
     * @param keys the broker's own, which make it administrator, and who signed it (PKCS12)
     * @param trust who may sign the keys of broker and users (PKCS12)
     * @param storePassword of both
     * @param administrator the common name of the broker
     */
    public static BrokerSecurity mutualTls(Path keys, Path trust, String storePassword, String administrator) {
        var settings = tls(keys, trust, storePassword);
        settings.put("listener.security.protocol.map", "CLIENT:SSL,CONTROLLER:PLAINTEXT");
        settings.put("ssl.client.auth", "required");
        settings.put("ssl.principal.mapping.rules", "RULE:^CN=([^,]+).*$/$1/");
        settings.put("super.users", superUsers(administrator));
        return new BrokerSecurity(settings, List.of());
    }

    /** What says to Kafka who a user is. */
    public static String login(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    /** The controller's listener, at the loopback address, asks nobody: whoever reaches it is anonymous. */
    private static String superUsers(String administrator) {
        return "User:" + administrator + ";User:ANONYMOUS";
    }

    private static Map<String, String> tls(Path keys, Path trust, String password) {
        return new HashMap<>(Map.of(
                "inter.broker.listener.name",
                "CLIENT",
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                keys.toString(),
                "ssl.keystore.password",
                password,
                "ssl.key.password",
                password,
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                trust.toString(),
                "ssl.truststore.password",
                password));
    }
}

package dev.dsg.platform.security;

import dev.dsg.embedded.BrokerSecurity;
import dev.dsg.embedded.KafkaBroker;
import dev.dsg.platform.wire.KafkaAccess;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;

/** A broker that asks who speaks to it, over TLS, and ways to be somebody. */
public final class SecuredBroker implements AutoCloseable {

    private static final String ADMINISTRATOR = "administrator";
    private static final String PASSWORD = "of-the-administrator";
    private static final int ITERATIONS = 4096;

    private final Certificates certificates;
    private final KafkaBroker broker;
    private final KafkaAccess administrator;
    private final Admin admin;

    private SecuredBroker(Certificates certificates, KafkaBroker broker, KafkaAccess administrator) {
        this.certificates = certificates;
        this.broker = broker;
        this.administrator = administrator;
        this.admin = Admin.create(administrator.settings());
    }

    /** Users prove who they are by SCRAM. */
    public static SecuredBroker scram(Path folder) {
        var certificates = new Certificates(folder.resolve("keys"));
        var security = BrokerSecurity.scram(
                certificates.keys("broker"), certificates.trust(), Certificates.PASSWORD, ADMINISTRATOR, PASSWORD);
        var broker = KafkaBroker.start(folder.resolve("broker"), 0, security);
        return new SecuredBroker(certificates, broker, scram(certificates, broker, ADMINISTRATOR, PASSWORD));
    }

    /** Users prove who they are by a certificate. */
    public static SecuredBroker mutualTls(Path folder) {
        var certificates = new Certificates(folder.resolve("keys"));
        var keys = certificates.keys(ADMINISTRATOR);
        var security = BrokerSecurity.mutualTls(keys, certificates.trust(), Certificates.PASSWORD, ADMINISTRATOR);
        var broker = KafkaBroker.start(folder.resolve("broker"), 0, security);
        return new SecuredBroker(certificates, broker, certified(certificates, broker, keys));
    }

    /** A user who knows a password, by the environment that a service is given. */
    public KafkaAccess as(String user, String password) {
        return scram(certificates, broker, user, password);
    }

    /** A user who has a key. */
    public KafkaAccess with(Path keys) {
        return certified(certificates, broker, keys);
    }

    /** Somebody who has neither. */
    public KafkaAccess nobody() {
        return KafkaAccess.of(broker.bootstrapServers()).secured(tls(certificates, "SSL"));
    }

    /** Somebody who does not even speak TLS. */
    public KafkaAccess inTheClear() {
        return KafkaAccess.of(broker.bootstrapServers());
    }

    /** Who signs. */
    public Certificates certificates() {
        return certificates;
    }

    /** Who may do anything. */
    public KafkaAccess administrator() {
        return administrator;
    }

    /** Lets a user in who knows a password. */
    public void add(String user, String password) {
        var info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS);
        await(() -> admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, info, password)))
                .all()
                .get());
    }

    /** Lets users do something. */
    public void allow(List<AclBinding> rules) {
        await(() -> admin.createAcls(rules).all().get());
    }

    private static KafkaAccess scram(Certificates certificates, KafkaBroker broker, String user, String password) {
        var environment = tls(certificates, "SASL_SSL");
        environment.put("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512");
        environment.put("KAFKA_SASL_JAAS_CONFIG", BrokerSecurity.login(user, password));
        return KafkaAccess.of(broker.bootstrapServers()).secured(environment);
    }

    private static KafkaAccess certified(Certificates certificates, KafkaBroker broker, Path keys) {
        var environment = tls(certificates, "SSL");
        environment.put("KAFKA_SSL_KEYSTORE_TYPE", "PKCS12");
        environment.put("KAFKA_SSL_KEYSTORE_LOCATION", keys.toString());
        environment.put("KAFKA_SSL_KEYSTORE_PASSWORD", Certificates.PASSWORD);
        return KafkaAccess.of(broker.bootstrapServers()).secured(environment);
    }

    private static Map<String, String> tls(Certificates certificates, String protocol) {
        return new HashMap<>(Map.of(
                "KAFKA_SECURITY_PROTOCOL",
                protocol,
                "KAFKA_SSL_TRUSTSTORE_TYPE",
                "PEM",
                "KAFKA_SSL_TRUSTSTORE_LOCATION",
                certificates.pem().toString()));
    }

    private interface Call {
        void run() throws ExecutionException, InterruptedException;
    }

    private static void await(Call call) {
        try {
            call.run();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
        broker.close();
    }
}

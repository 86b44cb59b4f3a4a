package dev.dsg.platform.store;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.store.ObjectKey;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.platform.store.S3Failure.Kind;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.HeadBucketArgs;
import io.minio.Http;
import io.minio.ListObjectsArgs;
import io.minio.MinioAsyncClient;
import io.minio.ObjectWriteResponse;
import io.minio.PutObjectAPIArgs;
import io.minio.RemoveObjectArgs;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.messages.Item;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link ObjectStore} on any S3-compatible server that honours {@code If-None-Match} and {@code If-Match} on a put.
 *
 * <p>Objects are put in one request with the digest that the server has to check; the digest is also kept as user
 * metadata, so that {@link #find} need not read the object. Safe for use by many threads.
 */
public final class S3ObjectStore implements ObjectStore, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(S3ObjectStore.class);

    private static final String DIGEST = "sha256";
    private static final int MAX_DOCUMENT = 16 << 20;
    private static final int MAX_REQUESTS = 64;

    private final StoreConfig config;
    private final RandomGenerator random;
    private final OkHttpClient http;
    private final MinioAsyncClient client;

    /**
     * Prepares a client; the first request goes out with the first call.
     *
     * @param random jitters the pauses between tries
     */
    public S3ObjectStore(StoreConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
        this.http = httpClient(config);
        this.client = MinioAsyncClient.builder()
                .endpoint(config.endpoint().toString())
                .region(config.region())
                .credentials(config.accessKey(), config.secretKey())
                .httpClient(http)
                .build();
    }

    @Override
    public Put putIfAbsent(ObjectKey key, Content content) {
        var repeated = false;
        try {
            send("put " + key, () -> put(key, content, new Http.Headers("If-None-Match", "*")));
            return new Put(true, new ObjectRef(key, content.sha256(), content.size()));
        } catch (S3Failure failure) {
            if (failure.kind() != Kind.PRECONDITION) {
                throw failure.unavailable("put " + key);
            }
            repeated = failure.repeated();
        }
        var there = find(key).orElseThrow(() -> vanished(key));
        // After a try whose answer got lost, whoever "was there before" may have been this very call.
        return new Put(repeated && there.sha256().equals(content.sha256()), there);
    }

    @Override
    public boolean compareAndSet(ObjectKey key, Content content, ETag expected) {
        try {
            send("replace " + key, () -> put(key, content, new Http.Headers("If-Match", quoted(expected))));
            return true;
        } catch (S3Failure failure) {
            return switch (failure.kind()) {
                case PRECONDITION -> failure.repeated() && holds(key, content);
                case MISSING -> false;
                case TRANSIENT, REFUSED -> throw failure.unavailable("replace " + key);
            };
        }
    }

    @Override
    public Optional<Document> read(ObjectKey key) {
        return ifPresent("read " + key, () -> {
            try (var response = get(key)) {
                var bytes = response.readNBytes(MAX_DOCUMENT + 1);
                if (bytes.length > MAX_DOCUMENT) {
                    throw tooLarge(key);
                }
                return new Document(bytes, new ETag(unquoted(response.headers().get("ETag"))));
            }
        });
    }

    @Override
    public Optional<ObjectRef> find(ObjectKey key) {
        return ifPresent("find " + key, () -> {
            var stat = stat(key);
            var digest = stat.userMetadata().getFirst(DIGEST);
            return digest == null ? digested(key) : new ObjectRef(key, Sha256.parse(digest), stat.size());
        });
    }

    @Override
    public InputStream open(ObjectRef ref) {
        return ifPresent("open " + ref.key(), () -> verified(ref)).orElseThrow(() -> corrupt(ref, null));
    }

    @Override
    public byte[] getBytes(ObjectRef ref) {
        return ifPresent("read " + ref.key(), () -> {
                    try (var in = verified(ref)) {
                        return in.readAllBytes();
                    }
                })
                .orElseThrow(() -> corrupt(ref, null));
    }

    @Override
    public List<ObjectKey> list(String folder) {
        return items(folder, true).stream()
                .filter(item -> !item.isDir())
                .map(Item::objectName)
                // Objects that others left here under names of other forms are not ours to see.
                .filter(ObjectKey.PATTERN.asMatchPredicate())
                .map(ObjectKey::parse)
                .toList();
    }

    @Override
    public List<String> folders(String folder) {
        return items(folder, false).stream()
                .filter(Item::isDir)
                .map(item -> item.objectName().substring(folder.length()).replace("/", ""))
                .toList();
    }

    @Override
    public void delete(ObjectKey key) {
        ifPresent("delete " + key, () -> client.removeObject(RemoveObjectArgs.builder()
                        .bucket(config.bucket())
                        .object(key.toString())
                        .build())
                .join());
    }

    @Override
    public void deleteAll(String folder) {
        list(folder).forEach(this::delete);
    }

    @Override
    public void ping() {
        try {
            client.headBucket(HeadBucketArgs.builder().bucket(config.bucket()).build())
                    .join();
        } catch (CompletionException e) {
            throw S3Failure.of(e.getCause(), false).unavailable("reach " + config);
        }
    }

    /** Drops idle connections; requests under way are finished by their callers. */
    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    /** The refusal of an object; {@code actual} is {@code null} when there is none. */
    static DsgException corrupt(ObjectRef ref, String actual) {
        var expected = ref.size() + " bytes, sha256 " + ref.sha256();
        return new DsgException(ErrorCode.CORRUPT_OBJECT, ref.key().toString(), actual, expected);
    }

    private static OkHttpClient httpClient(StoreConfig config) {
        var dispatcher = new Dispatcher(Executors.newVirtualThreadPerTaskExecutor());
        dispatcher.setMaxRequests(MAX_REQUESTS);
        dispatcher.setMaxRequestsPerHost(MAX_REQUESTS);
        var builder = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .protocols(List.of(Protocol.HTTP_1_1))
                .connectTimeout(config.timeout())
                .readTimeout(config.timeout())
                .writeTimeout(config.timeout())
                // It would repeat a put without telling us; see putIfAbsent.
                .retryOnConnectionFailure(false);
        config.authority().map(Authority::read).ifPresent(one -> builder.sslSocketFactory(one.sockets(), one.trust()));
        return builder.build();
    }

    private ObjectWriteResponse put(ObjectKey key, Content content, Http.Headers condition) throws IOException {
        var headers = new Http.Headers(condition);
        headers.put("x-amz-meta-" + DIGEST, content.sha256().hex());
        headers.put(Http.Headers.X_AMZ_CONTENT_SHA256, content.sha256().hex());
        var request = PutObjectAPIArgs.builder()
                .bucket(config.bucket())
                .object(key.toString())
                .contentType(content.contentType())
                .headers(headers);
        return switch (content) {
            case Content.Bytes bytes ->
                client.putObject(request.data(bytes.bytes(), bytes.bytes().length)
                                .build())
                        .join();
            case Content.File file -> {
                try (var in = new RandomAccessFile(file.path().toFile(), "r")) {
                    yield client.putObject(request.file(in, file.size()).build())
                            .join();
                }
            }
        };
    }

    private GetObjectResponse get(ObjectKey key) {
        return client.getObject(GetObjectArgs.builder()
                        .bucket(config.bucket())
                        .object(key.toString())
                        .build())
                .join();
    }

    private StatObjectResponse stat(ObjectKey key) {
        return client.statObject(StatObjectArgs.builder()
                        .bucket(config.bucket())
                        .object(key.toString())
                        .build())
                .join();
    }

    private VerifiedStream verified(ObjectRef ref) {
        return new VerifiedStream(get(ref.key()), ref);
    }

    private ObjectRef digested(ObjectKey key) throws IOException {
        var digest = Sha256.newDigest();
        var buffer = new byte[1 << 16];
        long size = 0;
        try (var in = get(key)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
                size += count;
            }
        }
        return new ObjectRef(key, Sha256.finish(digest), size);
    }

    private boolean holds(ObjectKey key, Content content) {
        return find(key).map(ObjectRef::sha256).filter(content.sha256()::equals).isPresent();
    }

    private List<Item> items(String folder, boolean recursive) {
        requireFolder(folder);
        var args = ListObjectsArgs.builder()
                .bucket(config.bucket())
                .prefix(folder)
                .recursive(recursive)
                .build();
        return ifPresent("list " + folder, () -> {
                    var items = new ArrayList<Item>();
                    for (var item : client.listObjects(args)) {
                        items.add(item.get());
                    }
                    return items;
                })
                .orElseThrow();
    }

    private static void requireFolder(String folder) {
        if (!folder.endsWith("/")) {
            throw DsgException.invalid("folder", folder, "a path that ends in a slash");
        }
        ObjectKey.parse(folder.substring(0, folder.length() - 1));
    }

    private <T> Optional<T> ifPresent(String doing, Request<T> request) {
        try {
            return Optional.ofNullable(send(doing, request));
        } catch (S3Failure failure) {
            if (failure.kind() == Kind.MISSING) {
                return Optional.empty();
            }
            throw failure.unavailable(doing);
        }
    }

    /** Sends a request until it is answered, refused, or patience ends. */
    private <T> T send(String doing, Request<T> request) {
        var end = System.nanoTime() + config.deadline().toNanos();
        for (var tries = 1; ; tries++) {
            try {
                return request.send();
            } catch (Exception e) {
                var failure = classified(e, tries > 1);
                if (failure.kind() != Kind.TRANSIENT || !paused(tries, end)) {
                    throw failure;
                }
                LOG.debug("store failed, trying again: {}", doing, failure);
            }
        }
    }

    private static S3Failure classified(Exception e, boolean repeated) {
        return switch (e) {
            case CompletionException async -> S3Failure.of(async.getCause(), repeated);
            case DsgException broken
            when broken.code() == ErrorCode.STORE_UNAVAILABLE -> S3Failure.of(broken, repeated);
            case RuntimeException listing
            when listing.getCause() instanceof IOException -> S3Failure.of(listing.getCause(), repeated);
            case RuntimeException other -> throw other;
            default -> S3Failure.of(e, repeated);
        };
    }

    /** Waits before the next try; {@code false} when there is no time for one, or this thread is wanted elsewhere. */
    private boolean paused(int failures, long end) {
        var pause = config.backoff().after(failures, random);
        if (System.nanoTime() + pause.toNanos() > end) {
            return false;
        }
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static DsgException tooLarge(ObjectKey key) {
        return new DsgException(
                ErrorCode.CORRUPT_OBJECT, key.toString(), "larger", "at most " + MAX_DOCUMENT + " bytes");
    }

    private static DsgException vanished(ObjectKey key) {
        return new DsgException(ErrorCode.STORE_UNAVAILABLE, key + " was there and was deleted at once");
    }

    private static String quoted(ETag tag) {
        return '"' + tag.value() + '"';
    }

    private static String unquoted(String tag) {
        return tag.replace("\"", "");
    }

    private interface Request<T> {
        T send() throws Exception;
    }
}

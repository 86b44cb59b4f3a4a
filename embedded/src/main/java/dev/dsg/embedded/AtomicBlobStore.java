package dev.dsg.embedded;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Makes a put with {@code If-Match} one step, and an answer to a get of one piece.
 *
 * <p>The file-system store checks the tag first and writes afterwards, and reads the tag of a file before it opens it: of
 * two compare-and-sets both could win, and a reader could get the tag of one content with the bytes of another. Holding a
 * lock per key over both halves rules that out, as this process is the only one that writes to the directory.
 */
final class AtomicBlobStore extends ForwardingBlobStore {

    private static final int STRIPES = 64;

    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(STRIPES).toArray(ReentrantLock[]::new);

    AtomicBlobStore(BlobStore store) {
        super(store);
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        if (request.ifMatch() == null) {
            return super.putBlob(request, content);
        }
        // Received before the lock is taken: nobody waits for a slow client.
        var body = readFully(content);
        return locked(request.bucket(), request.key(), () -> {
            requireMatch(request);
            return super.putBlob(request, new ByteArrayInputStream(body));
        });
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        return locked(request.bucket(), request.key(), () -> super.getBlob(request));
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        return locked(request.bucket(), request.key(), () -> super.removeBlob(request));
    }

    private void requireMatch(PutObjectRequest request) {
        var current = blobMetadataIfPresent(request.bucket(), request.key());
        if (current == null) {
            throw new S3ProxyException(S3ErrorCode.NO_SUCH_KEY);
        }
        if (!bare(request.ifMatch()).equals(bare(current.eTag()))) {
            throw new S3ProxyException(S3ErrorCode.PRECONDITION_FAILED);
        }
    }

    private <T> T locked(String bucket, String key, Supplier<T> action) {
        var lock = locks[Math.floorMod(Objects.hash(bucket, key), STRIPES)];
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private static byte[] readFully(InputStream content) {
        try {
            return content.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String bare(String tag) {
        return tag == null ? "" : tag.replace("\"", "");
    }
}

package dev.dsg.platform.store;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.store.ObjectRef;
import dev.dsg.contracts.store.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Hands bytes on while it counts and digests them; the end is only reached by the right bytes. */
final class VerifiedStream extends InputStream {

    private final InputStream in;
    private final ObjectRef ref;
    private final MessageDigest digest = Sha256.newDigest();
    private long seen;
    private boolean verified;

    VerifiedStream(InputStream in, ObjectRef ref) {
        this.in = in;
        this.ref = ref;
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        var count = readUnchecked(buffer, offset, length);
        if (count < 0) {
            verify();
            return -1;
        }
        seen += count;
        if (seen > ref.size()) {
            throw corrupt("more than " + ref.size() + " bytes");
        }
        digest.update(buffer, offset, count);
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private int readUnchecked(byte[] buffer, int offset, int length) {
        try {
            return in.read(buffer, offset, length);
        } catch (IOException e) {
            throw new DsgException(ErrorCode.STORE_UNAVAILABLE, "the store broke off while sending " + ref.key(), e);
        }
    }

    private void verify() {
        if (verified) {
            return;
        }
        var actual = Sha256.finish(digest);
        if (seen != ref.size() || !actual.equals(ref.sha256())) {
            throw corrupt(seen + " bytes, sha256 " + actual);
        }
        verified = true;
    }

    private DsgException corrupt(String actual) {
        return S3ObjectStore.corrupt(ref, actual);
    }
}

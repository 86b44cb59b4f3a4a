package dev.dsg.platform.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.result.BatchStream;
import dev.dsg.contracts.store.ObjectRef;

/**
 * How far a piece of work is: the document that says so.
 *
 * @param position steps done
 * @param content where all that the next step needs was put aside
 * @param fingerprint what the work is
 * @param stream what the steps consumed, for work whose input is not kept; {@code null} where nobody asks
 */
public record Checkpoint(
        int position,
        ObjectRef content,
        Fingerprint fingerprint,
        @JsonInclude(JsonInclude.Include.NON_NULL) BatchStream stream) {

    /** Refuses missing parts and negative positions. */
    public Checkpoint {
        Require.atLeast("position", position, 0);
        Require.present("content", content);
        Require.present("fingerprint", fingerprint);
    }
}

package dev.dsg.platform.checkpoint;

import dev.dsg.contracts.catalog.ModelCard;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.error.Require;
import dev.dsg.contracts.job.JobSpec;
import dev.dsg.contracts.store.Sha256;
import dev.dsg.platform.wire.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * What a result depends on. A checkpoint of another fingerprint is of other work, and going on from it would make a
 * result that nobody can make again.
 *
 * @param model digest of the network's weights
 * @param spec digest of the job's specification
 * @param seed seed of everything random
 * @param code which program, and its version
 */
public record Fingerprint(Sha256 model, Sha256 spec, long seed, String code) {

    /** Refuses missing parts. */
    public Fingerprint {
        Require.present("fingerprint.model", model);
        Require.present("fingerprint.spec", spec);
        Require.text("fingerprint.code", code);
    }

    /** That of work on a job. */
    public static Fingerprint of(JobSpec spec, ModelCard card, String code) {
        return new Fingerprint(card.weights().sha256(), Sha256.digest(Json.bytes(spec)), spec.seed(), code);
    }

    /**
     * Refuses the checkpoint of other work.
     *
     * @param name of the checkpoint
     * @param found its fingerprint
     * @throws DsgException {@code FOREIGN_CHECKPOINT}, which names all that differs
     */
    void requireSame(String name, Fingerprint found) {
        var differences = new ArrayList<String>();
        compare(differences, "model", found.model, model);
        compare(differences, "spec", found.spec, spec);
        compare(differences, "seed", found.seed, seed);
        compare(differences, "code", found.code, code);
        if (!differences.isEmpty()) {
            throw new DsgException(
                    ErrorCode.FOREIGN_CHECKPOINT,
                    "checkpoint " + name + " is of other work: " + String.join("; ", differences));
        }
    }

    private static void compare(List<String> differences, String part, Object found, Object ours) {
        if (!found.equals(ours)) {
            differences.add(part + " is " + found + ", expected " + ours);
        }
    }
}

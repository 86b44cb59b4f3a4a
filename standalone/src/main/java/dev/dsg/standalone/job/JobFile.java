package dev.dsg.standalone.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.contracts.job.JobRequest;
import java.nio.file.Path;

/**
 * A job in a file: JSON if its name ends in {@code .json}, HOCON otherwise.
 *
 * @param path the file
 */
public record JobFile(Path path) {

    /**
     * Reads the request. Its values are checked by {@link JobRequest#resolve}.
     *
     * @throws DsgException {@code MALFORMED_MESSAGE} for a file that cannot be read or parsed, {@code INVALID_FIELD} for a
     *     field that is unknown, with the nearest name there is, or of the wrong kind
     */
    public JobRequest read() {
        return JobFields.of(fields().root());
    }

    /**
     * Reads the fields, whatever they are.
     *
     * @throws DsgException {@code MALFORMED_MESSAGE} for a file that cannot be read or parsed
     */
    public Config fields() {
        var options = ConfigParseOptions.defaults().setAllowMissing(false);
        try {
            return ConfigFactory.parseFile(path.toFile(), options).resolve();
        } catch (ConfigException e) {
            throw new DsgException(ErrorCode.MALFORMED_MESSAGE, "the job file cannot be read: " + e.getMessage(), e);
        }
    }
}

package dev.dsg.standalone.command;

import dev.dsg.contracts.error.DsgException;
import dev.dsg.contracts.error.ErrorCode;
import dev.dsg.platform.job.JobRepository;
import dev.dsg.platform.redrive.Letter;
import dev.dsg.platform.redrive.Outcome;
import dev.dsg.platform.redrive.Redrive;
import dev.dsg.standalone.system.Connection;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts the records of dead letters back. */
@Command(
        name = "redrive",
        description = {
            "Puts the record of a dead letter back on its topic, with its headers, once.",
            "A job that failed with it is opened again; what it had made is not made again."
        })
final class DlqRedriveCommand implements Callable<Integer> {

    @Mixin
    private HomeOption homeOption;

    @ArgGroup(multiplicity = "1")
    private Which which;

    /** Either some, or all of a kind. */
    private static final class Which {
        @Parameters(paramLabel = "LETTER", arity = "1..*", description = "ids, as `dsg dlq list` gives them")
        private List<String> letters;

        @ArgGroup(exclusive = false)
        private All all;
    }

    private static final class All {
        @Option(names = "--all", required = true, description = "all that were not redriven yet")
        private boolean chosen;

        @Option(names = "--code", paramLabel = "CODE", description = "of these, only those with this error code")
        private ErrorCode code;
    }

    @Override
    public Integer call() {
        try (var connection = homeOption.connect();
                var redrive = Redrive.open(connection.access().kafka(), jobs(connection), InstantSource.system())) {
            return which.all == null ? some(redrive, which.letters) : all(redrive);
        }
    }

    private static int some(Redrive redrive, List<String> ids) {
        var status = ExitCode.OK;
        for (var id : ids) {
            var outcome = redrive.redrive(id);
            System.out.println(id + ": " + told(outcome));
            if (outcome instanceof Outcome.Pointless) {
                status = ExitCode.JOB_FAILED;
            }
        }
        return status;
    }

    /** What cannot be put back is said, and is no reason to stop. */
    private int all(Redrive redrive) {
        var back = 0;
        for (var letter : redrive.letters()) {
            if (letter.redriven().isEmpty() && wanted(letter)) {
                back += redriven(redrive, letter.id()) ? 1 : 0;
            }
        }
        System.out.println(back + " redriven");
        return ExitCode.OK;
    }

    private boolean wanted(Letter letter) {
        return which.all.code == null || letter.content().code() == which.all.code;
    }

    private static boolean redriven(Redrive redrive, String id) {
        try {
            var outcome = redrive.redrive(id);
            System.out.println(id + ": " + told(outcome));
            return outcome instanceof Outcome.PutBack || outcome instanceof Outcome.Reopened;
        } catch (DsgException e) {
            if (e.code().retryable()) {
                throw e;
            }
            System.out.println(id + ": " + e.getMessage());
            return false;
        }
    }

    static String told(Outcome outcome) {
        return switch (outcome) {
            case Outcome.PutBack() -> "put back on its topic";
            case Outcome.Reopened(var job) ->
                "put back on its topic, and job " + job + " opened again; `dsg watch " + job + "` follows it";
            case Outcome.Already(var at) -> "was redriven already, at " + at;
            case Outcome.Pointless(var reason) -> "not redriven: " + reason;
        };
    }

    private static JobRepository jobs(Connection connection) {
        return new JobRepository(
                connection.store(), connection.publisher(), InstantSource.system(), RandomGenerator.getDefault());
    }
}

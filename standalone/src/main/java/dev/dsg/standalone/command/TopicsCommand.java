package dev.dsg.standalone.command;

import dev.dsg.contracts.Topics;
import dev.dsg.platform.queue.TopicAdmin;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prepares the broker of a system that others started. */
@Command(
        name = "topics",
        description = {
            "Makes the topics of the system, and sets up the share groups that read its queues, as far as they are"
                    + " missing.",
            "A system on one machine does so itself; for one that the environment names it is the first thing to do."
        })
final class TopicsCommand implements Callable<Integer> {

    @Mixin
    private HomeOption homeOption;

    @Override
    public Integer call() {
        try (var connection = homeOption.connect();
                var topics = new TopicAdmin(connection.access().kafka())) {
            topics.create();
        }
        System.out.println(Topics.ALL.size() + " topics and " + Topics.QUEUES.size() + " share groups are there");
        return ExitCode.OK;
    }
}

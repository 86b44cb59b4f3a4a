package dev.dsg.standalone.command;

import picocli.CommandLine.Command;

/** Everything about dead letters. */
@Command(
        name = "dlq",
        description = "Lists what no worker could handle, shows one of it, puts it back when its cause is mended.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DlqListCommand.class, DlqShowCommand.class, DlqRedriveCommand.class})
final class DlqCommand {}

package dev.dsg.standalone.command;

import picocli.CommandLine.Command;

/** Everything about networks. */
@Command(
        name = "model",
        description = "Brings a network in, lists those that are there, shows what one is made of.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ModelAddCommand.class, ModelListCommand.class, ModelShowCommand.class})
final class ModelCommand {}

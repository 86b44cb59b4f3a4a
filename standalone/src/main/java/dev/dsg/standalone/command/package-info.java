/** The commands of the command line: thin, one class each. */
package dev.dsg.standalone.command;

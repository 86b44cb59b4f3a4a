/** Processes that this one starts: tools that must end with it, and the means to find them. */
package dev.dsg.standalone.process;

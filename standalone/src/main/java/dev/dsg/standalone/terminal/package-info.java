/** What the user sees: lines, progress bars with an estimate of the time left, tables. */
package dev.dsg.standalone.terminal;

/** Readers and writers of files; a reader trusts nothing a header says. */
package dev.dsg.engine.format;

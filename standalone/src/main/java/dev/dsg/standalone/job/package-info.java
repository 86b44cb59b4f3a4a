/** Jobs as the command line sees them: read from a file, submitted, followed to their end, shown. */
package dev.dsg.standalone.job;

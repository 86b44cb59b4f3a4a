/** How things go wrong: one exception, one enumeration of codes, and the checks that raise them. */
package dev.dsg.contracts.error;

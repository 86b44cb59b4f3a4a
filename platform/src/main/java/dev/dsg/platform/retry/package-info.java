/** When to try again: pauses that grow and are never quite the same. */
package dev.dsg.platform.retry;

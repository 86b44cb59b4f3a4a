/** Streams read for what they say of the past: from the beginning, by one reader, without a trace at the broker. */
package dev.dsg.gateway.stream;

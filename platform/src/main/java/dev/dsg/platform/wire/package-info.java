/**
 * What crosses a process border: strict JSON ({@link dev.dsg.platform.wire.Json}), CloudEvents in Kafka headers
 * ({@link dev.dsg.platform.wire.CloudEvents}), trace context, and the one way to send a message
 * ({@link dev.dsg.platform.wire.EventPublisher}).
 */
package dev.dsg.platform.wire;

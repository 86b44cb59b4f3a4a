/**
 * The two servers that the system leans on, as JVM code from Maven Central: a real Kafka broker and a real S3 server.
 *
 * <p>They run inside a test, or each as a process of its own ({@link dev.dsg.embedded.BrokerMain},
 * {@link dev.dsg.embedded.S3Main}). What they keep, they keep on disk: nothing here ever deletes data.
 */
package dev.dsg.embedded;

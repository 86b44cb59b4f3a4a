/**
 * The whole system on one machine: a Kafka broker, an S3 server and the services as processes, and the command line that
 * starts them, gives them jobs and shows what came out.
 */
package dev.dsg.standalone;

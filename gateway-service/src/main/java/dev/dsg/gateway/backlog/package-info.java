/** How much waits in the queues, by which pods are scaled. */
package dev.dsg.gateway.backlog;

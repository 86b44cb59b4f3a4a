/**
 * The gateway service: small, and never scaled to zero. It tells how long the queues are ({@code backlog}), where every
 * job is ({@code jobs}) and how accurate what came out of them ({@code accuracy}); it does no work of a job.
 */
package dev.dsg.gateway;

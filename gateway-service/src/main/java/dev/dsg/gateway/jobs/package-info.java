/** Where every job is, as {@code dsg.job-events} tells it, for whoever asks over HTTP. */
package dev.dsg.gateway.jobs;

/** How accurate the networks are that came out of jobs, as their reports say, one series for each kind of job. */
package dev.dsg.gateway.accuracy;

/** A job: what a user asks for, what that resolves to, the states it goes through. */
package dev.dsg.contracts.job;

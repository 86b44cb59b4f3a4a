/**
 * What crosses a process boundary: {@linkplain dev.dsg.contracts.message messages}, {@linkplain dev.dsg.contracts.job
 * jobs}, {@linkplain dev.dsg.contracts.store store keys}, {@linkplain dev.dsg.contracts.result results} and
 * {@linkplain dev.dsg.contracts.error errors}.
 *
 * <p>No framework and no I/O. The records validate themselves when they are made, whoever makes them; the only
 * dependency is Jackson's annotations, so that a value type is one JSON string or number.
 */
package dev.dsg.contracts;

/** What a job leaves behind: the manifest of its artefact and the report of what it achieved. */
package dev.dsg.contracts.result;

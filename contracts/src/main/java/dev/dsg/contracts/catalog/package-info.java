/** Cards: what is known about a network or a data set before a job uses it. */
package dev.dsg.contracts.catalog;

/**
 * The networks and data sets in the store: their cards and bytes ({@link dev.dsg.platform.catalog.Catalog}), and what was
 * made of them lately ({@link dev.dsg.platform.catalog.Recent}).
 */
package dev.dsg.platform.catalog;

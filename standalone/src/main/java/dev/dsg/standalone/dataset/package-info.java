/** Labelled images: fetched on first use, checked against a pinned digest, cut into shards for the store. */
package dev.dsg.standalone.dataset;

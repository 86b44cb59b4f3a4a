/** What travels through Kafka. A message says where something lies and never carries the thing itself. */
package dev.dsg.contracts.message;

/** What a probe is told: ready when broker and store can be reached, alive as long as the service itself works. */
package dev.dsg.platform.health;

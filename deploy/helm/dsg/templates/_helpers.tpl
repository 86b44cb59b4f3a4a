{{/* The services, in the order of a job's way; most templates make one object of each. */}}
{{- define "dsg.services" -}}
generator quantizer evaluator gateway
{{- end }}

{{- define "dsg.name" -}}
{{- printf "%s-%s" .release.Release.Name .service | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "dsg.selector" -}}
app.kubernetes.io/name: dsg
app.kubernetes.io/instance: {{ .release.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- end }}

{{- define "dsg.labels" -}}
{{ include "dsg.selector" . }}
app.kubernetes.io/version: {{ .release.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .release.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .release.Chart.Name .release.Chart.Version }}
{{- end }}

{{/* Where Kafka is, and how clients speak to it. */}}
{{- define "dsg.bootstrapServers" -}}
{{- if .Values.kafka.strimzi.enabled -}}
{{ .Values.kafka.strimzi.name }}-kafka-bootstrap:9093
{{- else -}}
{{ required "kafka.bootstrapServers: expected host:port of the brokers, or kafka.strimzi.enabled" .Values.kafka.bootstrapServers }}
{{- end }}
{{- end }}

{{- define "dsg.securityProtocol" -}}
{{- if .Values.kafka.strimzi.enabled }}SASL_SSL{{ else }}{{ .Values.kafka.securityProtocol }}{{ end }}
{{- end }}

{{- define "dsg.caSecret" -}}
{{- if .Values.kafka.strimzi.enabled }}{{ .Values.kafka.strimzi.name }}-cluster-ca-cert{{ else }}{{ .Values.kafka.caSecret.name }}{{ end }}
{{- end }}

{{/* The secret with which a service, or the topics job, tells Kafka who it is. */}}
{{- define "dsg.kafkaSecret" -}}
{{- if .release.Values.kafka.strimzi.enabled -}}
{{ include "dsg.name" . }}
{{- else -}}
{{ .said.name }}
{{- end }}
{{- end }}

{{/* The environment by which every process of ours finds Kafka and the store. */}}
{{- define "dsg.access" -}}
{{- $values := .release.Values }}
{{- $protocol := include "dsg.securityProtocol" .release }}
{{- $secret := include "dsg.kafkaSecret" . }}
- name: KAFKA_BOOTSTRAP_SERVERS
  value: {{ include "dsg.bootstrapServers" .release | quote }}
{{- if ne $protocol "PLAINTEXT" }}
- name: KAFKA_SECURITY_PROTOCOL
  value: {{ $protocol }}
{{- end }}
{{- if hasPrefix "SASL_" $protocol }}
{{- if not $secret }}
{{- fail (printf "%s.kafkaSecret.name: expected a secret with sasl.jaas.config, for kafka.securityProtocol is %s" .service $protocol) }}
{{- end }}
- name: KAFKA_SASL_MECHANISM
  value: {{ $values.kafka.saslMechanism }}
- name: KAFKA_SASL_JAAS_CONFIG
  valueFrom:
    secretKeyRef: {name: {{ $secret }}, key: sasl.jaas.config}
{{- end }}
{{- if hasSuffix "SSL" $protocol }}
{{- if include "dsg.caSecret" .release }}
- name: KAFKA_SSL_TRUSTSTORE_TYPE
  value: PEM
- name: KAFKA_SSL_TRUSTSTORE_LOCATION
  value: /etc/dsg/kafka-ca/ca.crt
{{- end }}
{{- if and (eq $protocol "SSL") $secret }}
- name: KAFKA_SSL_KEYSTORE_TYPE
  value: PKCS12
- name: KAFKA_SSL_KEYSTORE_LOCATION
  value: /etc/dsg/kafka-user/user.p12
- name: KAFKA_SSL_KEYSTORE_PASSWORD
  valueFrom:
    secretKeyRef: {name: {{ $secret }}, key: user.password}
{{- end }}
{{- end }}
- name: DSG_STORE_ENDPOINT
  value: {{ required "store.endpoint: expected the address of an S3-compatible store, such as https://host" $values.store.endpoint | quote }}
- name: DSG_STORE_REGION
  value: {{ $values.store.region | quote }}
- name: DSG_STORE_BUCKET
  value: {{ $values.store.bucket | quote }}
{{- $store := required "store.secret: expected the name of a secret with access-key and secret-key" $values.store.secret }}
- name: DSG_STORE_ACCESS_KEY
  valueFrom:
    secretKeyRef: {name: {{ $store }}, key: access-key}
- name: DSG_STORE_SECRET_KEY
  valueFrom:
    secretKeyRef: {name: {{ $store }}, key: secret-key}
{{- end }}

{{/* The certificates that this environment speaks of, readable by owner and group, and a place for short-lived files. */}}
{{- define "dsg.volumes" -}}
{{- $protocol := include "dsg.securityProtocol" .release }}
- name: tmp
  emptyDir: {sizeLimit: 64Mi}
{{- if and (hasSuffix "SSL" $protocol) (include "dsg.caSecret" .release) }}
- name: kafka-ca
  secret:
    secretName: {{ include "dsg.caSecret" .release }}
    defaultMode: 288
    items:
      - {key: {{ .release.Values.kafka.caSecret.key }}, path: ca.crt}
{{- end }}
{{- if and (eq $protocol "SSL") (include "dsg.kafkaSecret" .) }}
- name: kafka-user
  secret:
    secretName: {{ include "dsg.kafkaSecret" . }}
    defaultMode: 288
    items:
      - {key: user.p12, path: user.p12}
{{- end }}
{{- end }}

{{- define "dsg.mounts" -}}
{{- $protocol := include "dsg.securityProtocol" .release }}
- {name: tmp, mountPath: /tmp}
{{- if and (hasSuffix "SSL" $protocol) (include "dsg.caSecret" .release) }}
- {name: kafka-ca, mountPath: /etc/dsg/kafka-ca, readOnly: true}
{{- end }}
{{- if and (eq $protocol "SSL") (include "dsg.kafkaSecret" .) }}
- {name: kafka-user, mountPath: /etc/dsg/kafka-user, readOnly: true}
{{- end }}
{{- end }}

{{/* Nobody is root, nothing can be written but /tmp, the kernel is asked for nothing special. */}}
{{- define "dsg.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1001
runAsGroup: 1001
fsGroup: 1001
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "dsg.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* The ports in a list such as host:9092,host:9093 or an address such as https://host, as an array in JSON. */}}
{{- define "dsg.ports" -}}
{{- $ports := list }}
{{- range regexFindAll ":[0-9]+(,|/|$)" . -1 }}
{{- $ports = append $ports (int (regexFind "[0-9]+" .)) }}
{{- end }}
{{- if not $ports }}
{{- $ports = list (ternary 443 80 (hasPrefix "https:" .)) }}
{{- end }}
{{- uniq $ports | toJson }}
{{- end }}

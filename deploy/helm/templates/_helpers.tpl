{{- define "roomscribe.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name }}{{ else }}{{ .Release.Name }}-{{ .Chart.Name }}{{ end }}
{{- end }}

{{- define "roomscribe.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "roomscribe.metadata" -}}
name: {{ include "roomscribe.name" . }}
namespace: {{ .Release.Namespace }}
labels: {{- include "roomscribe.labels" . | nindent 2 }}
{{- end }}

{{- define "roomscribe.labels" -}}
{{ include "roomscribe.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Every setting that is not secret: the chart's own, then those of `config`. */}}
{{- define "roomscribe.config" -}}
{{- $egress := printf "ws://%s-egress.%s.svc:%d/egress/audio" (include "roomscribe.name" .) .Release.Namespace (int .Values.egressService.port) -}}
{{- $own := dict "NODE_ENV" "production" "LOG_FORMAT" "json" "PORT" "3001" "EGRESS_WEBSOCKET_BASE_URL" $egress -}}
{{- range $name, $value := merge (deepCopy .Values.config) $own }}
{{ $name }}: {{ include "roomscribe.text" $value | quote }}
{{- end }}
{{- end }}

{{/* Large numbers of YAML are floats, which would print as 1e+06. */}}
{{- define "roomscribe.text" -}}
{{- if kindIs "float64" . }}{{ if eq . (floor .) }}{{ int64 . }}{{ else }}{{ . }}{{ end }}{{ else }}{{ . }}{{ end }}
{{- end }}

{{- define "roomscribe.port" -}}
{{ .Values.config.PORT | default 3001 | int }}
{{- end }}

{{- define "roomscribe.secretName" -}}
{{ .Values.existingSecret | default (include "roomscribe.name" .) }}
{{- end }}

{{- define "roomscribe.graceSeconds" -}}
{{ add .Values.preStopSeconds (.Values.config.SHUTDOWN_GRACE_S | default 25 | ceil | int) 15 }}
{{- end }}

{{- define "meshlens.name" -}}
{{- if contains "meshlens" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-meshlens" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "meshlens.selector" -}}
app.kubernetes.io/name: meshlens
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "meshlens.labels" -}}
{{ include "meshlens.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "meshlens.metadata" -}}
name: {{ include "meshlens.name" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "meshlens.labels" . | nindent 2 }}
{{- end }}

{{- define "meshlens.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}{{ else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "meshlens.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "meshlens.name" .) }}
{{- end }}

{{- define "meshlens.isMany" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicas) 1) }}yes{{ end }}
{{- end }}

{{- /* The configuration file: what is given, and the store and the files of objectives as this chart has them. */ -}}
{{- define "meshlens.config" -}}
{{- $url := ternary "${MESHLENS_STORE_URL}" "file:/var/lib/meshlens/meshlens.db" (eq .Values.store.kind "postgres") -}}
{{- $config := merge (dict "store" (dict "url" $url)) (deepCopy .Values.config) -}}
{{- if .Values.objectives -}}
{{- $_ := set $config "slo" (merge (dict "files" (list "slo/*.yaml")) ($config.slo | default dict)) -}}
{{- end -}}
{{- toYaml $config -}}
{{- end }}

{{- /* Ports Meshlens connects to: those of the URLs in the configuration, by number or by scheme. JSON, for fromJson. */ -}}
{{- define "meshlens.egressPorts" -}}
{{- $ports := list 443 6443 -}}
{{- range (.Values.config.sources | default list) -}}
{{- $url := get . "url" | default "" -}}
{{- $port := regexFind ":[0-9]+" (regexReplaceAll "^[a-z]+://([^/]*@)?" $url "") | trimPrefix ":" -}}
{{- if $port -}}{{- $ports = append $ports (int $port) -}}
{{- else if hasPrefix "http://" $url -}}{{- $ports = append $ports 80 -}}
{{- end -}}
{{- end -}}
{{- if eq .Values.store.kind "postgres" -}}{{- $ports = append $ports 5432 -}}{{- end -}}
{{- range .Values.networkPolicy.extraEgressPorts -}}{{- $ports = append $ports (int .) -}}{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end }}

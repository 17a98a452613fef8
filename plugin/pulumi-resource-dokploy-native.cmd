@node "%~dp0pulumi-resource-dokploy-native" %*

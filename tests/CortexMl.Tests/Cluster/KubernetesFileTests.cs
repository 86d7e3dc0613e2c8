using CortexMl.Tests.Support;
using k8s;
using k8s.Models;
using Xunit;

namespace CortexMl.Tests.Cluster;

/// <summary>The files of tools/cluster/kubernetes, read into the types of Kubernetes: a member that it does not know is refused.</summary>
public sealed class KubernetesFileTests
{
    private const string Shards = "shards.yaml", Merge = "merge.yaml";

    private const string Unknown = "backoffLimitPerNode: 3";

    [Fact]
    public void Members_that_Kubernetes_does_not_know_are_refused()
    {
        string text = Text(Shards);
        Assert.Contains("backoffLimitPerIndex: 3", text);
        Assert.ThrowsAny<YamlDotNet.Core.YamlException>(() =>
            KubernetesYaml.Deserialize<V1Job>(text.Replace("backoffLimitPerIndex: 3", Unknown, StringComparison.Ordinal), strict: true));
    }

    [Fact]
    public void Every_part_has_an_index_of_its_own_and_tries_again_but_for_words_that_nobody_can_read()
    {
        var spec = Job(Shards).Spec;
        Assert.Equal(("Indexed", 8, 3), (spec.CompletionMode, spec.Completions, spec.BackoffLimitPerIndex));
        Assert.Null(spec.BackoffLimit);
        Assert.Equal([("Ignore", null), ("FailIndex", (int?)CortexMl.Cli.ExitCodes.UserError)],
            spec.PodFailurePolicy.Rules.Select(rule => (rule.Action, rule.OnExitCodes?.Values.Single())));
    }

    [Theory]
    [InlineData(Shards)]
    [InlineData(Merge)]
    public void Containers_have_no_rights_and_write_to_the_volume_and_scratch_alone(string file)
    {
        var pod = Job(file).Spec.Template.Spec;
        Assert.Equal(("Never", false, true), (pod.RestartPolicy, pod.AutomountServiceAccountToken, pod.SecurityContext.RunAsNonRoot));
        var container = Assert.Single(pod.Containers);
        var rights = container.SecurityContext;
        Assert.Equal((false, true), (rights.AllowPrivilegeEscalation, rights.ReadOnlyRootFilesystem));
        Assert.Equal(["ALL"], rights.Capabilities.Drop);
        Assert.Equal(["/work", "/tmp"], container.VolumeMounts.Where(mount => mount.ReadOnlyProperty != true).Select(m => m.MountPath));
        Assert.NotNull(pod.Volumes.Single(volume => volume.Name == "scratch").EmptyDir);
        Assert.Equal(["cpu", "ephemeral-storage", "memory"], container.Resources.Limits.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["cpu", "ephemeral-storage", "memory"], container.Resources.Requests.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>The volume, the folder of work and the program are those of the claim and of tools/release/Containerfile.</summary>
    [Theory]
    [InlineData(Shards)]
    [InlineData(Merge)]
    public void Names_are_those_of_the_image_and_of_the_claim(string file)
    {
        var pod = Job(file).Spec.Template.Spec;
        var container = pod.Containers[0];
        string image = File.ReadAllText(Repository.Path("tools", "release", "Containerfile"));
        string program = container.Env.Single(variable => variable.Name == "CORTEXML").Value;
        Assert.Contains($"ENTRYPOINT [\"{program.Replace(" ", "\", \"", StringComparison.Ordinal)}\"]", image);
        Assert.Contains($"WORKDIR {container.WorkingDir}\n", image.ReplaceLineEndings("\n"));
        var claim = KubernetesYaml.Deserialize<V1PersistentVolumeClaim>(Text("volume.yaml"), strict: true);
        Assert.Equal(claim.Metadata.Name, pod.Volumes.Single(volume => volume.Name == "work").PersistentVolumeClaim.ClaimName);
    }

    private static V1Job Job(string file) => KubernetesYaml.Deserialize<V1Job>(Text(file), strict: true);

    private static string Text(string file) => File.ReadAllText(Repository.Path("tools", "cluster", "kubernetes", file));
}

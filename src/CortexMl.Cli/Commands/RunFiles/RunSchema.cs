using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Runs;

namespace CortexMl.Cli.Commands.RunFiles;

/// <summary>The JSON schema of run files, for editors: made from the options of the command that takes them.</summary>
internal static class RunSchema
{
    /// <summary>The version of JSON schema in which schemas are written.</summary>
    public const string Draft = "https://json-schema.org/draft/2020-12/schema";

    public static JsonObject Of(Command command)
    {
        var members = new JsonObject
        {
            ["$schema"] = new JsonObject
            {
                ["type"] = "string",
                ["description"] = "Says that this is a run file; ends with the name of this schema",
            },
            [RunFile.ModelMember] = Described(ValueForm.Path.Schema(null!), command.Arguments[0].Description),
        };
        foreach (var option in OptionTable.OfRun(command))
            members[OptionTable.MemberOf(option)] = Described(OptionTable.FormOf(option).Schema(option), option.Description);
        return new()
        {
            ["$schema"] = Draft,
            ["$id"] = RunFile.SchemaName(),
            ["title"] = "A run of cortexml compile",
            ["type"] = "object",
            ["required"] = new JsonArray("$schema", RunFile.ModelMember),
            ["additionalProperties"] = false,
            ["properties"] = members,
        };
    }

    private static JsonObject Described(JsonObject schema, string? description)
    {
        schema.Insert(0, "description", description);
        return schema;
    }
}

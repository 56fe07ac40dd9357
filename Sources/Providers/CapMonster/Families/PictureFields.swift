import CreateTaskAPI
import ProviderKit

/// What a `ComplexImageTask` needs beside its class.
enum PictureFields {
    /// Refuses a task without a picture.
    @Sendable static func one(_ fields: inout JSONObject) throws(Fault) {
        guard ["body", "imagesBase64", "imageUrls"].contains(where: { fields.said($0) != nil }) else {
            throw Fault(.badTask(field: "body"), "CapMonster Cloud needs the picture in body.")
        }
    }

    /// Refuses a task that says in words or by a picture what to look for: the usual modules read no instructions. With
    /// a module named in `metadata.Task` the client knows what it does.
    @Sendable static func withoutInstructions(_ fields: inout JSONObject) throws(Fault) {
        try one(&fields)
        guard fields["metadata"]?["Task"] == nil else { return }
        guard fields.said("comment") == nil, fields.said("imgInstructions") == nil else {
            throw Fault(
                .unsupportedTask,
                "CapMonster Cloud follows no instructions for this kind of task. Name its module in metadata.Task.")
        }
    }

    /// Writes the size of the grid and what to look for under `metadata`: Google's own name of an object, which begins
    /// with a slash as `/m/015qff` does, or words. The vendor takes one of them, and the question is the exacter one.
    @Sendable static func grid(_ fields: inout JSONObject) throws(Fault) {
        try one(&fields)
        var metadata = fields["metadata"]?.object ?? [:]
        if metadata.said("Grid") == nil, fields.said("class") == nil || fields["class"] == "recaptcha" {
            guard let rows = size("rows", fields), let columns = size("columns", fields) else {
                throw Fault(.badTask(field: "rows"), "CapMonster Cloud needs rows and columns of the grid.")
            }
            metadata["Grid"] = .string("\(rows)x\(columns)")
        }
        let isSaid = metadata.said("Task") != nil || metadata.said("TaskDefinition") != nil
        let text = fields.said("question")?.string ?? fields.said("comment")?.string
        if !isSaid, let text { metadata[text.hasPrefix("/") ? "TaskDefinition" : "Task"] = .string(text) }
        guard isSaid || text != nil else {
            throw Fault(.badTask(field: "question"), "CapMonster Cloud needs question or comment: what to look for.")
        }
        fields["metadata"] = .object(metadata)
    }

    private static func size(_ name: String, _ fields: JSONObject) -> Int64? {
        ValueForm.number.convert(fields[name] ?? .null)?.integer
    }
}
